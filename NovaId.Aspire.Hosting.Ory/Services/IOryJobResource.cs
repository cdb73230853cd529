namespace Aspire.Hosting.ApplicationModel;

/// <summary>One of Ory's programs in a container that ends when it has done what it is told.</summary>
public interface IOryJobResource : IResourceWithEnvironment, IResourceWithWaitSupport;
