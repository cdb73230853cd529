using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>Reads templates from configuration, so that a bad one stops the start and names its place.</summary>
internal static class TemplateReader
{
    public static GoTemplate Read(ConfigurationNode node)
    {
        try
        {
            return GoTemplate.Parse(node.RequireString());
        }
        catch (TemplateException exception)
        {
            throw node.Error($"{exception.Message}. Correct the template.");
        }
    }
}
