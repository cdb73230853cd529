using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A script that a page with this form loads.</summary>
/// <param name="Group">The method that it belongs to.</param>
/// <param name="Name">Its id.</param>
/// <param name="Source">Where it is.</param>
/// <param name="Integrity">Its hash (W3C Subresource Integrity).</param>
internal sealed record UiScript(string Group, string Name, string Source, string Integrity) : UiNode(Group, Name)
{
    private readonly string _nonce = Guid.NewGuid().ToString();

    public override object? SortValue => Source;

    protected override string Kind => "script";

    public override UiNode WithValue(object? value) => this with { Source = value as string ?? "" };

    protected override JsonObject AttributesToJson() => new()
    {
        ["src"] = Source,
        ["async"] = true,
        ["referrerpolicy"] = "no-referrer",
        ["crossorigin"] = "anonymous",
        ["integrity"] = Integrity,
        ["type"] = "text/javascript",
        ["id"] = Name,
        ["nonce"] = _nonce,
    };
}
