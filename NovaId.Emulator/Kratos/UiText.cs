using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A text that a form shows.</summary>
internal sealed record UiText(string Group, string Name, UiMessage Text) : UiNode(Group, Name)
{
    public override object? SortValue => Text.Text;

    protected override string Kind => "text";

    public override UiNode WithValue(object? value) => this;

    protected override JsonObject AttributesToJson() => new() { ["text"] = Text.ToJson(), ["id"] = Name };
}
