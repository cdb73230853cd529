namespace NovaId.Emulator.Kratos;

/// <summary>What Kratos says of a code that it does not take.</summary>
internal static class CodeRefusal
{
    public static KratosException AlreadyUsed() => KratosException.BadRequest("The code was already used. Please request another code.");

    public static KratosException TooOften() => KratosException.BadRequest("The request was submitted too often. Please request another code.");

    /// <summary>What a form that signs in or up makes of a code.</summary>
    /// <param name="use">What became of the code.</param>
    /// <param name="code">The code, if the flow has it.</param>
    /// <param name="unknown">What the form says if the flow has no such code.</param>
    /// <exception cref="FormException">The flow has no such code.</exception>
    /// <exception cref="KratosException">The code is spent, or the flow takes no more (400).</exception>
    /// <exception cref="CodeExpiredException">The code came too late.</exception>
    public static OneTimeCode Require(CodeUse use, OneTimeCode? code, UiMessage unknown) => use switch
    {
        CodeUse.Accepted => code!,
        CodeUse.Expired => throw new CodeExpiredException(code!.ExpiresAt),
        CodeUse.AlreadyUsed => throw AlreadyUsed(),
        CodeUse.TooOften => throw TooOften(),
        _ => throw new FormException(unknown),
    };
}
