using System.ComponentModel.DataAnnotations;
using NovaId.Api.Authorization;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Keys;

/// <summary>An API key to be made.</summary>
internal sealed record ApiKeyRequest
{
    public const int MaximumName = 100;

    private static readonly string[] AllowedScopes = [CallerVerifier.ReadScope, CallerVerifier.WriteScope];

    /// <summary>What the key is for: 1 to 100 characters (Unicode scalar values), not all of them blank and none a control character.</summary>
    [Length(1, MaximumName)]
    [RegularExpression(@"^(?=.*\S)[^\u0000-\u001f\u007f-\u009f]+$")]
    public required string Name { get; init; }

    /// <summary>novaid.read, novaid.write, or both.</summary>
    [MinLength(1)]
    [UniqueItems]
    [NamedValues(NamedValues.Scope)]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Capabilities that the owner holds; may be empty.</summary>
    [UniqueItems]
    [NamedValues(NamedValues.Capability)]
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <exception cref="RefusalException">A name, scope or capability that cannot be.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name) || !Name.HasAtMost(MaximumName) || Name.Any(char.IsControl))
        {
            throw Refusal.BadRequest($"name must have 1 to {MaximumName} characters, none of them a control character.").AsException();
        }

        if (Scopes.Count == 0 || !AreDistinctOf(Scopes, AllowedScopes))
        {
            throw Refusal.BadRequest($"scopes must hold one or more of {string.Join(", ", AllowedScopes)}, each once.").AsException();
        }

        if (!AreDistinctOf(Capabilities, Authorization.Capabilities.All))
        {
            throw Refusal.BadRequest(
                $"capabilities may hold {string.Join(", ", Authorization.Capabilities.All)}, each once.").AsException();
        }
    }

    private static bool AreDistinctOf(IReadOnlyList<string> values, IReadOnlyList<string> allowed) =>
        values.All(allowed.Contains) && values.Distinct().Count() == values.Count;
}
