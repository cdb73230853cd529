namespace NovaId.Demo.Calls;

/// <summary>Something to fill in before a call.</summary>
/// <param name="Name">Its name in the form; in path or query the same.</param>
/// <param name="Label">Gives what it is called.</param>
/// <param name="Place">Where it goes.</param>
public sealed record CallField(string Name, Func<string> Label, FieldPlace Place)
{
    /// <summary>More about what belongs there.</summary>
    public Func<string>? Help { get; init; }

    /// <summary>Whether a browser asks for it; the API decides in any case.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it takes several lines.</summary>
    public bool IsLong { get; init; }

    /// <summary>What can be chosen; null for anything.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>What stands there at first.</summary>
    public string Value { get; init; } = "";
}
