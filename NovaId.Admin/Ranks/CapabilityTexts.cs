using System.Globalization;

namespace NovaId.Admin.Ranks;

/// <summary>Capabilities in words.</summary>
internal static class CapabilityTexts
{
    public static string Of(string capability) =>
        Texts.ResourceManager.GetString($"Capability_{capability}", CultureInfo.CurrentUICulture) ?? capability;
}
