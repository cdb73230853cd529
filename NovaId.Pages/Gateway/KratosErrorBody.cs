namespace NovaId.Pages.Gateway;

/// <summary>What Kratos refuses and why.</summary>
/// <param name="Id">The kind, as a word that does not change.</param>
/// <param name="Code">The status.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">The same, more generally.</param>
public sealed record KratosErrorBody(string? Id, int Code, string? Reason, string? Message);
