namespace NovaId.AppHost.Mail;

internal static class MailpitImageTags
{
    public const string Registry = "docker.io";
    public const string Image = "axllent/mailpit";
    public const string Tag = "v1.27";
}
