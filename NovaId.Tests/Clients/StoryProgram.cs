using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Serialization.Form;
using Microsoft.Kiota.Serialization.Json;
using Microsoft.Kiota.Serialization.Multipart;
using Microsoft.Kiota.Serialization.Text;

namespace NovaId.Tests.Clients;

/// <summary>A story of the folder <c>Stories</c>, compiled together with the client that it uses.</summary>
internal static class StoryProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading.Tasks;
        """;

    /// <summary>Makes a program of a story and a client; fails where they do not compile.</summary>
    /// <param name="story">The file with the story.</param>
    /// <param name="client">The texts of the client.</param>
    /// <returns>The story, which takes the gateway's address and a session token.</returns>
    public static Func<string, string, Task<Dictionary<string, string>>> Compile(string story, IEnumerable<string> client)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: ["NET", "NETCOREAPP", "NETCOREAPP3_1_OR_GREATER", "NET5_0_OR_GREATER", "NET8_0_OR_GREATER"]);
        var texts = client.Append(Usings).Append(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clients", "Stories", story)));
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(story),
            texts.Select(text => CSharpSyntaxTree.ParseText(text, options, cancellationToken: TestContext.Current.CancellationToken)),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var program = new MemoryStream();
        var result = compilation.Emit(program, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(
            result.Success,
            string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(20)));

        program.Position = 0;
        // Of its own, since each story has the same names.
        var assembly = new AssemblyLoadContext(name: null).LoadFromStream(program);
        return assembly.GetType("Story")!.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<string, string, Task<Dictionary<string, string>>>>();
    }

    /// <summary>What the shared framework has, and what a client of Kiota needs.</summary>
    private static IEnumerable<MetadataReference> References()
    {
        // Loaded by name only where something here names a type of theirs.
        Type[] kiota = [typeof(HttpClientRequestAdapter), typeof(JsonParseNode), typeof(FormParseNode), typeof(TextParseNode), typeof(MultipartSerializationWriter)];
        var own = kiota.Select(type => type.Assembly.Location);
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("NovaId", StringComparison.Ordinal))
            .Concat(own)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
