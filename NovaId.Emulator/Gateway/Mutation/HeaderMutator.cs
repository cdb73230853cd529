using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Emulator.Gateway.Mutation;

/// <summary>Sets headers from templates. An empty one is set as well: it blanks what the client sent.</summary>
internal sealed class HeaderMutator : IMutator
{
    public static readonly string[] Keys = ["headers.*"];

    private readonly List<KeyValuePair<string, GoTemplate>> _headers = [];

    public HeaderMutator(ConfigurationNode configuration)
    {
        var headers = configuration["headers"];
        if (!headers.IsMapping)
        {
            throw headers.Error("must name headers and their values.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers.Entries)
        {
            if (!names.Add(name))
            {
                // Oathkeeper would set the two in no certain order.
                throw value.Error("names a header that is named already with other capitals. Keep one.");
            }

            _headers.Add(new(name, TemplateReader.Read(value)));
        }
    }

    public void Mutate(AuthenticationSession session)
    {
        foreach (var (name, template) in _headers)
        {
            session.Headers[name] = template.Render(session);
        }
    }
}
