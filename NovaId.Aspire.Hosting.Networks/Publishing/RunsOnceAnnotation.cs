namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource does something once and ends, though nothing waits for that; what is published does not start it again.</summary>
public sealed class RunsOnceAnnotation : IResourceAnnotation;
