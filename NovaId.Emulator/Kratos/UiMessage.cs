using System.Globalization;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>A text for the user with its number, by which a page translates it. The numbers and texts are Kratos' own.</summary>
internal sealed record UiMessage(int Id, string Text, string Type, JsonObject? Context = null)
{
    private const string Info = "info";
    private const string Error = "error";

    public static UiMessage SignIn { get; } = new(1010001, "Sign in", Info);

    public static UiMessage ConfirmItIsYou { get; } = new(1010003, "Please confirm this action by verifying that it is you.", Info);

    public static UiMessage SecondFactor { get; } = new(1010004, "Please complete the second authentication challenge.", Info);

    public static UiMessage AuthenticationCode { get; } = new(1010006, "Authentication code", Info);

    public static UiMessage LookupSecretLabel { get; } = new(1010007, "Backup recovery code", Info);

    public static UiMessage UseAuthenticator { get; } = new(1010009, "Use Authenticator", Info);

    public static UiMessage UseLookupSecret { get; } = new(1010010, "Use backup recovery code", Info);

    public static UiMessage SignInWithPasskey { get; } = new(1010021, "Sign in with passkey", Info);

    public static UiMessage SignInWithPassword { get; } = new(1010022, "Sign in with password", Info);

    public static UiMessage LoginCodeSent { get; } = new(
        1010014,
        "A code was sent to the address you provided. If you didn't receive it, please check the spelling of the address and try again.",
        Info);

    public static UiMessage SendSignInCode { get; } = new(1010015, "Send sign in code", Info);

    public static UiMessage RegistrationCodeSent { get; } = new(
        1040005,
        "A code has been sent to the address(es) you provided. If you have not received a message, check the spelling of the address and retry the registration.",
        Info);

    public static UiMessage SendSignUpCode { get; } = new(1040006, "Send sign up code", Info);

    public static UiMessage RecoveryCodeSent { get; } = new(
        1060003,
        "An email containing a recovery code has been sent to the email address you provided. If you have not received an email, check the spelling of the address and make sure to use the address you registered with.",
        Info);

    public static UiMessage EmailAddress { get; } = new(1070007, "Email", Info);

    public static UiMessage ResendCode { get; } = new(1070008, "Resend code", Info);

    public static UiMessage Continue { get; } = new(1070009, "Continue", Info);

    public static UiMessage RecoveryCode { get; } = new(1070010, "Recovery code", Info);

    public static UiMessage VerificationCode { get; } = new(1070011, "Verification code", Info);

    public static UiMessage RegistrationCode { get; } = new(1070012, "Registration code", Info);

    public static UiMessage LoginCode { get; } = new(1070013, "Login code", Info);

    public static UiMessage Verified { get; } = new(1080002, "You successfully verified your email address.", "success");

    public static UiMessage VerificationCodeSent { get; } = new(
        1080003,
        "An email containing a verification code has been sent to the email address you provided. If you have not received an email, check the spelling of the address and make sure to use the address you registered with.",
        Info);

    public static UiMessage NoCodeUser { get; } = new(4000035, "This account does not exist or has not setup sign in with code.", Error);

    public static UiMessage TraitsMismatch { get; } = new(
        4000036, "The provided traits do not match the traits previously associated with this flow.", Error);

    public static UiMessage NoRecoveryStrategy { get; } = new(
        4010005, "Could not find a strategy to recover your account with. Did you fill out the form correctly?", Error);

    public static UiMessage NoVerificationStrategy { get; } = new(
        4010006, "Could not find a strategy to verify your account with. Did you fill out the form correctly?", Error);

    public static UiMessage LoginCodeInvalid { get; } = new(
        4010008, "The login code is invalid or has already been used. Please try again.", Error);

    public static UiMessage RegistrationCodeInvalid { get; } = new(
        4040003, "The registration code is invalid or has already been used. Please try again.", Error);

    public static UiMessage RecoveryRetried { get; } = new(
        4060001, "The request was already completed successfully and can not be retried.", Error);

    public static UiMessage RecoveryCodeInvalid { get; } = new(
        4060006, "The recovery code is invalid or has already been used. Please try again.", Error);

    public static UiMessage VerificationRetried { get; } = new(
        4070002, "The request was already completed successfully and can not be retried.", Error);

    public static UiMessage VerificationCodeInvalid { get; } = new(
        4070006, "The verification code is invalid or has already been used. Please try again.", Error);

    public static UiMessage SignUp { get; } = new(1040001, "Sign up", Info);

    public static UiMessage SignUpWithPasskey { get; } = new(1040007, "Sign up with passkey", Info);

    public static UiMessage UnlinkTotp { get; } = new(1050004, "Unlink TOTP Authenticator App", Info);

    public static UiMessage TotpPicture { get; } = new(1050005, "Authenticator app QR code", Info);

    public static UiMessage RevealLookupSecrets { get; } = new(1050007, "Reveal backup recovery codes", Info);

    public static UiMessage RegenerateLookupSecrets { get; } = new(1050008, "Generate new backup recovery codes", Info);

    public static UiMessage LookupSecretsLabel { get; } = new(
        1050010, "These are your back up recovery codes. Please keep them in a safe place!", Info);

    public static UiMessage ConfirmLookupSecrets { get; } = new(1050011, "Confirm backup recovery codes", Info);

    public static UiMessage DisableLookupSecrets { get; } = new(1050016, "Disable this method", Info);

    public static UiMessage TotpSecretLabel { get; } = new(
        1050017, "This is your authenticator app secret. Use it if you can not scan the QR code.", Info);

    public static UiMessage AddPasskey { get; } = new(1050019, "Add passkey", Info);

    public static UiMessage SettingsSaved { get; } = new(1050001, "Your changes have been saved!", "success");

    public static UiMessage Password { get; } = new(1070001, "Password", Info);

    public static UiMessage Save { get; } = new(1070003, "Save", Info);

    public static UiMessage VerifyCode { get; } = new(1070006, "Verify code", Info);

    public static UiMessage Identifier { get; } = new(1070004, "ID", Info);

    public static UiMessage InvalidCredentials { get; } = new(
        4000006,
        "The provided credentials are invalid, check for spelling mistakes in your password or username, email address, or phone number.",
        Error);

    public static UiMessage DuplicateCredentials { get; } = new(
        4000007, "An account with the same identifier (email, phone, username, ...) exists already.", Error);

    /// <summary>Kratos says this of passkeys too.</summary>
    public static UiMessage AuthenticationCodeWrong { get; } = new(
        4000008, "The provided authentication code is invalid, please try again.", Error);

    public static UiMessage NoTotp { get; } = new(4000011, "You have no TOTP device set up.", Error);

    public static UiMessage LookupSecretUsedAlready { get; } = new(4000012, "This backup recovery code has already been used.", Error);

    public static UiMessage NoPasskey { get; } = new(4000013, "You have no WebAuthn device set up.", Error);

    public static UiMessage NoLookupSecrets { get; } = new(4000014, "You have no backup recovery codes set up.", Error);

    public static UiMessage UnknownPasskey { get; } = new(4000015, "This account does not exist or has no security key set up.", Error);

    public static UiMessage LookupSecretWrong { get; } = new(4000016, "The backup recovery code is not valid.", Error);

    public static UiMessage IdentifierMissing { get; } = new(
        4000009,
        "Could not find any login identifiers. Did you forget to set them? This could also be caused by a server misconfiguration.",
        Error);

    public static UiMessage PasswordTooSimilar { get; } = new(
        4000031, "The password can not be used because it is too similar to the identifier.", Error);

    public static UiMessage PasswordSameAsOld { get; } = new(
        4000039, "The new password must be different from the old password.", Error);

    public static UiMessage NoLoginStrategy { get; } = new(
        4010002, "Could not find a strategy to log you in with. Did you fill out the form correctly?", Error);

    public static UiMessage NoRegistrationStrategy { get; } = new(
        4010003, "Could not find a strategy to sign you up with. Did you fill out the form correctly?", Error);

    public static UiMessage NoSettingsStrategy { get; } = new(
        4010004, "Could not find a strategy to update your settings. Did you fill out the form correctly?", Error);

    /// <summary>The title that the identity schema gives a trait.</summary>
    public static UiMessage Label(string title, string name) => new(1070002, title, Info, new JsonObject { ["title"] = title, ["name"] = name });

    /// <summary>Asks whoever recovered an account to set it up anew while they may.</summary>
    public static UiMessage Recovered(DateTimeOffset until, TimeSpan left) => new(
        1060001,
        string.Create(
            CultureInfo.InvariantCulture,
            $"You successfully recovered your account. Please change your password or set up an alternative login method (e.g. social sign in) within the next {left.TotalMinutes:F2} minutes."),
        "success",
        new JsonObject
        {
            ["privilegedSessionExpiresAt"] = KratosJson.Time(until),
            ["privileged_session_expires_at"] = KratosJson.Time(until),
            ["privileged_session_expires_at_unix"] = until.ToUnixTimeSeconds(),
        });

    public static UiMessage TotpSecret(string secret) => new(1050006, secret, Info, new JsonObject { ["secret"] = secret });

    /// <summary>All secrets of a person; one that was used is not told any more.</summary>
    public static UiMessage LookupSecrets(IReadOnlyCollection<LookupSecret> secrets) => new(
        1050015,
        string.Join(", ", secrets.Select(secret => secret.UsedAt is null ? secret.Code : "used")),
        Info,
        new JsonObject { ["secrets"] = new JsonArray([.. secrets.Select(secret => OfLookupSecret(secret).ToJson())]) });

    public static UiMessage RemovePasskey(string name, DateTimeOffset addedAt) => new(
        1050020,
        $"Remove passkey \"{name}\"",
        Info,
        new JsonObject { ["added_at"] = KratosJson.Time(addedAt), ["added_at_unix"] = addedAt.ToUnixTimeSeconds(), ["display_name"] = name });

    public static UiMessage Generic(string reason) => new(4000001, reason, Error, new JsonObject { ["reason"] = reason });

    public static UiMessage Required(string property) =>
        new(4000002, $"Property {property} is missing.", Error, new JsonObject { ["property"] = property });

    public static UiMessage MinLength(int expected, int actual) =>
        new(4000003, $"length must be >= {expected}, but got {actual}", Error, Lengths("min_length", expected, actual));

    public static UiMessage MaxLength(int expected, int actual) =>
        new(4000017, $"length must be <= {expected}, but got {actual}", Error, Lengths("max_length", expected, actual));

    public static UiMessage Pattern(string pattern) =>
        new(4000004, $"does not match pattern \"{pattern}\"", Error, new JsonObject { ["pattern"] = pattern });

    public static UiMessage Minimum(double expected, double actual) =>
        Bound(4000018, ">=", "minimum", expected, actual);

    public static UiMessage Maximum(double expected, double actual) =>
        Bound(4000020, "<=", "maximum", expected, actual);

    public static UiMessage WrongType(string expected, string actual) =>
        new(4000026, $"expected {expected}, but got {actual}", Error, new JsonObject { ["allowed_types"] = new JsonArray(expected), ["actual_type"] = actual });

    /// <summary>Kratos takes the value out of what its schema says, in which it stands in quotes.</summary>
    public static UiMessage Email(string value) =>
        new(4000040, "Enter a valid email address", Error, new JsonObject { ["value"] = GoText.Quote(value).Replace("\\\"", "\"", StringComparison.Ordinal).Trim('"') });

    public static UiMessage PasswordMinLength(int expected, int actual) =>
        new(4000032, $"The password must be at least {expected} characters long, but got {actual}.", Error, Lengths("min_length", expected, actual));

    public static UiMessage PasswordMaxLength(int expected, int actual) =>
        new(4000033, $"The password must be at most {expected} characters long, but got {actual}.", Error, Lengths("max_length", expected, actual));

    /// <summary>What the new flow says that replaces one submitted too late.</summary>
    public static UiMessage FlowExpired(FlowKind kind, DateTimeOffset expiredAt, TimeSpan ago)
    {
        var (id, name) = kind switch
        {
            FlowKind.Login => (4010001, "login"),
            FlowKind.Registration => (4040001, "registration"),
            FlowKind.Recovery => (4060005, "recovery"),
            FlowKind.Verification => (4070005, "verification"),
            _ => (4050001, "settings"),
        };
        var text = string.Create(CultureInfo.InvariantCulture, $"The {name} flow expired {ago.TotalMinutes:F2} minutes ago, please try again.");
        return new UiMessage(id, text, Error, new JsonObject
        {
            ["expired_at"] = KratosJson.Time(expiredAt),
            ["expired_at_unix"] = expiredAt.ToUnixTimeSeconds(),
        });
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id, ["text"] = Text, ["type"] = Type };
        if (Context is not null)
        {
            json["context"] = Context.DeepClone();
        }

        return json;
    }

    private static UiMessage OfLookupSecret(LookupSecret secret) => secret.UsedAt is not { } usedAt
        ? new UiMessage(1050009, secret.Code, Info, new JsonObject { ["secret"] = secret.Code })
        : new UiMessage(
            1050014,
            string.Create(CultureInfo.InvariantCulture, $"Secret was used at {usedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} +0000 UTC"),
            Info,
            new JsonObject { ["used_at"] = KratosJson.Time(usedAt), ["used_at_unix"] = usedAt.ToUnixTimeSeconds() });

    private static UiMessage Bound(int id, string comparison, string name, double expected, double actual) => new(
        id,
        string.Create(CultureInfo.InvariantCulture, $"must be {comparison} {expected} but found {actual}"),
        Error,
        new JsonObject { [name] = expected, ["actual"] = actual });

    private static JsonObject Lengths(string name, int expected, int actual) => new() { [name] = expected, ["actual_length"] = actual };
}
