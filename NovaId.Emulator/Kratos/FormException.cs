namespace NovaId.Emulator.Kratos;

/// <summary>A submission that the user can put right: the flow is shown again with these messages.</summary>
internal sealed class FormException(IReadOnlyList<(string? Input, UiMessage Message)> messages) : Exception("The submitted form is not valid.")
{
    public FormException(UiMessage message, string? input = null)
        : this([(input, message)])
    {
    }

    public IReadOnlyList<(string? Input, UiMessage Message)> Messages => messages;
}
