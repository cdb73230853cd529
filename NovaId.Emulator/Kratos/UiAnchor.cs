using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A link in a form.</summary>
internal sealed record UiAnchor(string Group, string Name, string Address, UiMessage Title) : UiNode(Group, Name)
{
    public override object? SortValue => Address;

    protected override string Kind => "a";

    public override UiNode WithValue(object? value) => this with { Address = (string?)value ?? "" };

    protected override JsonObject AttributesToJson() => new() { ["href"] = Address, ["title"] = Title.ToJson(), ["id"] = Name };
}
