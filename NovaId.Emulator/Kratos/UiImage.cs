using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A picture that a form shows.</summary>
/// <param name="Group">The method that it belongs to.</param>
/// <param name="Name">Its id.</param>
/// <param name="Source">Where it is, or the picture itself as a <c>data:</c> address.</param>
/// <param name="Size">Its width and height in pixels.</param>
internal sealed record UiImage(string Group, string Name, string Source, int Size) : UiNode(Group, Name)
{
    public override object? SortValue => Source;

    protected override string Kind => "img";

    public override UiNode WithValue(object? value) => this with { Source = value as string ?? "" };

    protected override JsonObject AttributesToJson() => new() { ["src"] = Source, ["id"] = Name, ["width"] = Size, ["height"] = Size };
}
