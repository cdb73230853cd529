namespace NovaId.Contract.Drivers;

/// <summary>What a mail's code is for.</summary>
public enum MailKind
{
    Verification,
    Recovery,
    Login,
    Registration,
}
