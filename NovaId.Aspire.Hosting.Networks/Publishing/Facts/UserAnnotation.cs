namespace Aspire.Hosting.ApplicationModel;

/// <summary>As which user a container runs.</summary>
/// <param name="id">The user's numeric id in the image.</param>
public sealed class UserAnnotation(int id) : IResourceAnnotation
{
    /// <summary>The user's numeric id in the image.</summary>
    public int Id { get; } = id;
}
