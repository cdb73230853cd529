using System.Reflection;
using NovaId.Pages.Layout;

namespace NovaId.Pages;

/// <summary>One app for people: what is it called, where does it stand, and what does its menu offer.</summary>
public sealed record PageSite
{
    /// <summary>The app's name, as it stands in the title of each of its pages.</summary>
    public required string Name { get; init; }

    /// <summary>The path under which it stands, without a slash at its end: <c>/accounts</c>; empty at the root.</summary>
    public required string BasePath { get; init; }

    /// <summary>The assembly whose <c>Assets</c> are served beside the shared ones; null if it has none.</summary>
    public Assembly? Assets { get; init; }

    /// <summary>The menu of somebody who is logged in, in its order.</summary>
    public IReadOnlyList<NavigationItem> Navigation { get; init; } = [];

    /// <summary>Where the button sends a form with which somebody logs out; null leaves the button out.</summary>
    public string? LogoutAction { get; init; }

    /// <summary>The address of a page.</summary>
    /// <param name="path">The path below <see cref="BasePath"/>, beginning with a slash.</param>
    /// <returns>The path as a browser asks for it.</returns>
    public string PathOf(string path) => BasePath + path;
}
