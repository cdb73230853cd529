namespace NovaId.Emulator.Gateway.Templates;

/// <summary>A template that does not parse, or that cannot be rendered over the values of one request.</summary>
internal sealed class TemplateException(string message) : Exception(message);
