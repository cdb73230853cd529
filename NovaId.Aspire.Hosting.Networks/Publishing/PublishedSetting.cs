namespace Aspire.Hosting.Networks;

/// <summary>A value that whoever deploys gives.</summary>
/// <param name="Name">Its name: capital letters, digits and underscores.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="Default">What counts if nothing is given; null where nothing may start without it.</param>
/// <param name="IsSecret">Whether nobody but its service is to read it.</param>
/// <param name="MadeBy">What a shell runs to make a value; null if whoever deploys knows it.</param>
internal sealed record PublishedSetting(string Name, string Description, string? Default, bool IsSecret, string? MadeBy = null);
