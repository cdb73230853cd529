namespace NovaId.AppHost.Startup;

/// <summary>
/// What a project of this solution was built into along with this program. Aspire starts a project with <c>dotnet run</c>, which looks
/// through the project again before it starts what is there already: two seconds of a processor.
/// </summary>
internal static class BuiltProgram
{
    private const string DebugSession = "DEBUG_SESSION_PORT";
    private const string Watch = "DOTNET_WATCH";

    /// <summary>The program itself, in the same configuration and for the same framework as this one; null if it is not there.</summary>
    /// <param name="project">The project.</param>
    /// <returns>The full path.</returns>
    public static string? Of(IProjectMetadata project)
    {
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var name = Path.GetFileNameWithoutExtension(project.ProjectPath) + (OperatingSystem.IsWindows() ? ".exe" : "");
        var program = Path.Combine(folder, "bin", output.Parent?.Name ?? "", output.Name, name);
        return File.Exists(program) ? program : null;
    }

    /// <summary>Starts a project from what was built. Under a debugger, under <c>dotnet watch</c>, and where nothing is found, it is started
    /// as Aspire starts any project.</summary>
    /// <param name="builder">The project.</param>
    /// <returns>The same project.</returns>
    public static IResourceBuilder<ProjectResource> FromBuiltProgram(this IResourceBuilder<ProjectResource> builder)
    {
        var configuration = builder.ApplicationBuilder.Configuration;
        var project = builder.Resource.GetProjectMetadata();
        return builder.ApplicationBuilder.ExecutionContext.IsRunMode
            && string.IsNullOrEmpty(configuration[DebugSession])
            && string.IsNullOrEmpty(configuration[Watch])
            && Of(project) is { } program
            ? builder.WithAnnotation(new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(project.ProjectPath)! })
            : builder;
    }
}
