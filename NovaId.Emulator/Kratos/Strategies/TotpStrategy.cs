using OtpNet;
using QRCoder;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Codes of an authenticator app (RFC 6238), as a second factor.</summary>
internal sealed class TotpStrategy(SelfService selfService, IdentityStore identities, PrivilegedChanges privileged)
    : SecondFactorStrategy(selfService), ISettingsStrategy
{
    private const string UrlKey = "totp_url";
    private const string CodeField = "totp_code";
    private const string UnlinkField = "totp_unlink";
    private const int SecretLength = 20;
    private const int Digits = 6;
    private const int PeriodInSeconds = 30;
    private const int PictureSize = 256;

    /// <summary>Kratos also takes the code before and the one after, and any of them more than once.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public override string Method => Credential.Totp;

    protected override string Field => CodeField;

    protected override string Group => UiNode.TotpGroup;

    protected override UiMessage FieldLabel => UiMessage.AuthenticationCode;

    protected override UiMessage ButtonLabel => UiMessage.UseAuthenticator;

    public void Populate(HttpContext http, Flow flow, Identity identity)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        if (identity.Credentials.ContainsKey(Method))
        {
            flow.Ui.Upsert(new UiInput(UiNode.TotpGroup, UnlinkField, "submit") { Value = "true", Required = true, Label = UiMessage.UnlinkTotp });
            return;
        }

        var secret = Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(SecretLength));
        var url = KeyUrl(secret, identity.Marked(extension => extension.TotpName) ?? identity.Id.ToString());
        flow.Context = flow.Context.SetItem(UrlKey, url);
        flow.Ui.Upsert(new UiText(UiNode.TotpGroup, "totp_secret_key", UiMessage.TotpSecret(secret)) { Label = UiMessage.TotpSecretLabel });
        flow.Ui.Upsert(new UiImage(UiNode.TotpGroup, "totp_qr", Picture(url), PictureSize) { Label = UiMessage.TotpPicture });
        flow.Ui.Upsert(new UiInput(UiNode.TotpGroup, CodeField, "text") { Required = true, Label = UiMessage.VerifyCode });
        flow.Ui.Append(UiInput.Submit(UiNode.TotpGroup, Method, UiMessage.Save));
    }

    public async Task<Outcome> ChangeAsync(Attempt attempt)
    {
        var submission = attempt.Submission;
        return await privileged.ChangeAsync(attempt, Method, () =>
        {
            // The button to unlink does not name the method.
            var unlinks = submission.Truth(UnlinkField);
            if (unlinks)
            {
                SelfService.RequireEnabled(Method);
            }
            else if (!SelfService.IsFor(submission, Method))
            {
                return Task.FromResult(Outcome.NotResponsible);
            }

            SelfService.RequireCsrfToken(attempt.Http, attempt.Flow, submission);
            var (session, identity) = attempt.Holder;
            privileged.Require(session);
            var updated = identity.Credentials.ContainsKey(Method)
                ? unlinks ? identities.Update(identity.Id, current => current.WithoutCredential(Method, SelfService.Now)) : identity
                : Link(attempt, session, identity);
            return Task.FromResult(Outcome.Of(updated));
        });
    }

    protected override void RequireForm(string code)
    {
        if (code.EnumerateRunes().Count() is var length and < Digits)
        {
            throw new FormException(UiMessage.MinLength(Digits, length), CodeField);
        }
    }

    protected override Identity Authenticate(Guid holder, string code)
    {
        var identity = identities.FindByIdentifier(Method, holder.ToString()) ?? throw new FormException(UiMessage.NoTotp);
        return Accepts(identity.Credentials[Method].TotpUrl!, code) ? identity : throw new FormException(UiMessage.AuthenticationCodeWrong);
    }

    private Identity Link(Attempt attempt, Session session, Identity identity)
    {
        var url = (string?)attempt.Flow.Context.GetValueOrDefault(UrlKey) ?? throw KratosException.Internal(
            "Could not find the TOTP key in the internal context. This is a code bug and should be reported to https://github.com/ory/kratos/.");
        var code = attempt.Submission[CodeField] ?? throw new FormException(UiMessage.Required(CodeField), CodeField);
        if (!Accepts(url, code))
        {
            throw new FormException(UiMessage.AuthenticationCodeWrong, CodeField);
        }

        // The session first: between the two its holder must not be too weak for what they just set up.
        SelfService.Sessions.AddMethod(session.Id, Method, AssuranceLevel);
        var now = SelfService.Now;
        return identities.Update(identity.Id, current => current.WithCredential(
            new Credential(Method, [identity.Id.ToString()], now, now) { TotpUrl = url }));
    }

    private bool Accepts(string url, string code)
    {
        var totp = new Totp(Base32Encoding.ToBytes(Addresses.QueryValue(url, "secret")!), PeriodInSeconds, OtpHashMode.Sha1, Digits);
        return code.Trim() is { Length: Digits } trimmed && totp.VerifyTotp(SelfService.Now.UtcDateTime, trimmed, out _, Window);
    }

    /// <summary>The key in the form that authenticator apps read (Key Uri Format).</summary>
    private string KeyUrl(string secret, string account)
    {
        var issuer = SelfService.Configuration.TotpIssuer;
        return $"otpauth://totp/{PathSegment(issuer)}:{PathSegment(account)}?algorithm=SHA1&digits={Digits}"
            + $"&issuer={Uri.EscapeDataString(issuer)}&period={PeriodInSeconds}&secret={secret}";
    }

    private static string PathSegment(string text) => Uri.EscapeDataString(text)
        .Replace("%40", "@", StringComparison.Ordinal).Replace("%2B", "+", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);

    private static string Picture(string url)
    {
        using var code = QRCodeGenerator.GenerateQrCode(url, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(Math.Max(1, PictureSize / code.ModuleMatrix.Count)));
    }
}
