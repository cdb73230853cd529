using System.Globalization;
using System.Net;

namespace NovaId.Emulator.Kratos;

/// <summary>A mail before it has a recipient, in Kratos' own words.</summary>
/// <param name="Type">Kratos' name for it.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The plain body.</param>
/// <param name="Html">The body for a reader that shows HTML.</param>
internal sealed record MailTemplate(string Type, string Subject, string Text, string Html)
{
    public static MailTemplate UnknownRecoveryAddress { get; } = Plain(
        "recovery_code_invalid",
        "Account access attempted",
        """
        Hi,

        you (or someone else) entered this email address when trying to recover access to an account.

        However, this email address is not on our database of registered users and therefore the attempt has failed.

        If this was you, check if you signed up using a different address.

        If this was not you, please ignore this email.

        """);

    public static MailTemplate UnknownVerificationAddress { get; } = Plain(
        "verification_code_invalid",
        "Someone tried to verify this email address",
        """
        Hi,

        someone asked to verify this email address, but we were unable to find an account for this address.

        If this was you, check if you signed up using a different address.

        If this was not you, please ignore this email.

        """);

    public static MailTemplate RecoveryCode(string code, TimeSpan lifespan) => Plain(
        "recovery_code_valid",
        $"Use code {code} to recover access to your account",
        $"""
        Recover access to your account by entering the following code:

        {code}

        If this was not you, do nothing. This code expires in {Minutes(lifespan)} minutes.

        """);

    public static MailTemplate LoginCode(string code, TimeSpan lifespan) => Plain(
        "login_code_valid",
        $"Use code {code} to log in",
        $"""
        Login to your account with the following code:

        {code}

        It expires in {Minutes(lifespan)} minutes.

        """);

    public static MailTemplate RegistrationCode(string code, TimeSpan lifespan) => Plain(
        "registration_code_valid",
        $"Use code {code} to complete your account registration",
        $"""
        Complete your account registration with the following code:

        {code}

        This code expires in {Minutes(lifespan)} minutes.

        """);

    public static MailTemplate VerificationCode(string code, string link, TimeSpan lifespan)
    {
        var address = WebUtility.HtmlEncode(link);
        return new MailTemplate(
            "verification_code_valid", $"Use code {code} to verify your account", Body(link), Body($"<a href=\"{address}\">{address}</a>"));

        string Body(string shown) =>
            $"""
            Verify your account with the following code:

            {code}

            or clicking the following link:

            {shown}

            If this was not you, do nothing. This code / link expires in {Minutes(lifespan)} minutes.

            """;
    }

    /// <summary>Says nothing of the contents, which are codes: a record would print its members.</summary>
    public override string ToString() => Type;

    private static MailTemplate Plain(string type, string subject, string text) => new(type, subject, text, text);

    private static string Minutes(TimeSpan lifespan) => ((int)lifespan.TotalMinutes).ToString(CultureInfo.InvariantCulture);
}
