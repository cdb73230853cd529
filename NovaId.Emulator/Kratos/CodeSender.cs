namespace NovaId.Emulator.Kratos;

/// <summary>Makes codes and mails them.</summary>
internal sealed class CodeSender(KratosConfiguration configuration, IdentityStore identities, OneTimeCodes codes, Courier courier)
{
    /// <summary>Mails a code that recovers an account. An address that nobody has gets none; only the configuration can have it told so.</summary>
    public void SendRecovery(Flow flow, string address)
    {
        if (identities.FindByRecoveryAddress(address) is not { } identity)
        {
            Pretend(flow, address);
            if (configuration.NotifiesUnknownRecipients(FlowKind.Recovery))
            {
                courier.Send(address, MailTemplate.UnknownRecoveryAddress);
            }

            return;
        }

        var known = IdentityTraits.Normalise(address);
        courier.Send(known, MailTemplate.RecoveryCode(codes.Create(flow.Id, identity.Id, known), configuration.CodeLifespan));
    }

    /// <summary>Mails a code that verifies an address. One that nobody has gets none; only the configuration can have it told so.</summary>
    public void SendVerification(Flow flow, string address)
    {
        if (identities.FindByVerifiableAddress(address) is not { } identity)
        {
            Pretend(flow, address);
            if (configuration.NotifiesUnknownRecipients(FlowKind.Verification))
            {
                courier.Send(address, MailTemplate.UnknownVerificationAddress);
            }

            return;
        }

        var known = IdentityTraits.Normalise(address);
        var code = codes.Create(flow.Id, identity.Id, known);
        var link = Addresses.SetQuery(
            Addresses.AppendPath(configuration.PublicAddress, "/self-service/verification"), ("code", code), ("flow", flow.Id.ToString()));
        courier.Send(known, MailTemplate.VerificationCode(code, link, configuration.CodeLifespan));
        identities.Update(identity.Id, current => current.WithAddress(known, sent => sent with { Status = VerifiableAddress.Sent }));
    }

    /// <summary>Mails a code that signs in, to each address.</summary>
    public void SendLogin(Flow flow, Identity identity, IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            courier.Send(address, MailTemplate.LoginCode(codes.Create(flow.Id, identity.Id, address), configuration.CodeLifespan));
        }
    }

    /// <summary>Mails a code that completes a registration, to each address.</summary>
    public void SendRegistration(Flow flow, IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            courier.Send(address, MailTemplate.RegistrationCode(codes.Create(flow.Id, null, address), configuration.CodeLifespan));
        }
    }

    /// <summary>Does for an address that nobody has what is done for one that somebody has, up to the mail: the time tells nothing either.
    /// The code is nobody's, so that it opens nothing.</summary>
    private void Pretend(Flow flow, string address) =>
        _ = MailTemplate.RecoveryCode(codes.Create(flow.Id, Guid.Empty, IdentityTraits.Normalise(address)), configuration.CodeLifespan);
}
