namespace Aspire.Hosting.Ory;

/// <summary>How a server is reached inside its network. Aspire would look for the port under which the host reaches it; there is none.</summary>
internal sealed class PrivateAddress(PrivatePostgresServerResource server) : Resource($"{server.Name}-address"), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create(
        $"Host={server.Name};Port={PrivatePostgresServerResource.Digits};Username={server.UserNameReference};Password={server.PasswordParameter}");
}
