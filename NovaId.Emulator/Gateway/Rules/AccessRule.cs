using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Authorization;
using NovaId.Emulator.Gateway.Errors;
using NovaId.Emulator.Gateway.Mutation;

namespace NovaId.Emulator.Gateway.Rules;

/// <summary>One rule of the gateway: which requests it is about, who may pass, and where they go.</summary>
internal sealed record AccessRule(
    string Id,
    IReadOnlyList<string> Methods,
    RulePattern Pattern,
    Upstream Upstream,
    IReadOnlyList<IAuthenticator> Authenticators,
    IAuthorizer Authorizer,
    IReadOnlyList<IMutator> Mutators,
    IReadOnlyList<IErrorHandler> Errors);
