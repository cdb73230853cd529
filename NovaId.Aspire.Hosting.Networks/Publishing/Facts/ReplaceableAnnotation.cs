namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that whoever deploys may bring another in place of a service, such as a database server that is there already.</summary>
public sealed class ReplaceableAnnotation : IResourceAnnotation;
