using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Errors;

/// <summary>An error that Kratos keeps for a page to show.</summary>
internal sealed record FlowError(KratosErrorBody? Error);
