using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One part of a form. Its name is what Kratos calls the id where the part is no input.</summary>
internal abstract record UiNode(string Group, string Name)
{
    public const string DefaultGroup = "default";
    public const string PasswordGroup = "password";
    public const string ProfileGroup = "profile";
    public const string CodeGroup = "code";
    public const string TotpGroup = "totp";
    public const string LookupGroup = "lookup_secret";
    public const string PasskeyGroup = "passkey";
    public const string WebAuthnGroup = "webauthn";
    public const string OidcGroup = "oidc";

    public UiMessage? Label { get; init; }

    public ImmutableArray<UiMessage> Messages { get; init; } = [];

    /// <summary>What the part holds, as far as the order of the form depends on it.</summary>
    public abstract object? SortValue { get; }

    protected abstract string Kind { get; }

    /// <summary>The same part with another value.</summary>
    public abstract UiNode WithValue(object? value);

    /// <summary>The same part without what was filled in, and without messages.</summary>
    public virtual UiNode Reset() => this with { Messages = [] };

    public JsonObject ToJson()
    {
        var attributes = AttributesToJson();
        attributes["node_type"] = Kind;
        return new JsonObject
        {
            ["type"] = Kind,
            ["group"] = Group,
            ["attributes"] = attributes,
            ["messages"] = new JsonArray([.. Messages.Select(message => message.ToJson())]),
            ["meta"] = Label is null ? new JsonObject() : new JsonObject { ["label"] = Label.ToJson() },
        };
    }

    protected abstract JsonObject AttributesToJson();
}
