namespace NovaId.Emulator.Kratos;

/// <summary>The inputs of the forms that send codes and take them.</summary>
internal static class CodeForm
{
    public const int CodeLength = 6;

    /// <summary>The address to send a code to.</summary>
    public static UiInput Email(string? value = null) =>
        new(UiNode.CodeGroup, "email", "email") { Value = value, Required = true, Label = UiMessage.EmailAddress };

    public static UiInput Continue { get; } = UiInput.Submit(UiNode.CodeGroup, Credential.Code, UiMessage.Continue);

    /// <summary>Names the method where a button sends something else.</summary>
    public static UiInput Method { get; } = new(UiNode.CodeGroup, "method", "hidden") { Value = Credential.Code };

    /// <summary>The code.</summary>
    public static UiInput Code(UiMessage label) => new(UiNode.CodeGroup, "code", "text") { Required = true, Label = label };

    /// <summary>The code, where the form says how it looks.</summary>
    public static UiInput CodeOfSixDigits(UiMessage label) => Code(label) with { Pattern = "[0-9]+", MaxLength = CodeLength };

    /// <summary>Sends another code to the same address.</summary>
    public static UiInput ResendTo(string address) =>
        new(UiNode.CodeGroup, "email", "submit") { Value = address, Label = UiMessage.ResendCode };

    /// <summary>Sends another code, wherever the first one went.</summary>
    public static UiInput Resend { get; } = new(UiNode.CodeGroup, "resend", "submit") { Value = Credential.Code, Label = UiMessage.ResendCode };
}
