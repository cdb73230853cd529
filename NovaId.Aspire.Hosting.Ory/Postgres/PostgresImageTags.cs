namespace Aspire.Hosting.Ory;

internal static class PostgresImageTags
{
    public const string Registry = "docker.io";
    public const string Image = "library/postgres";
    public const string Tag = "17";
}
