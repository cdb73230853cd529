using System.Globalization;
using System.Text;

namespace NovaId.Bench.Report;

/// <summary>Writes the few elements of SVG that a plot needs. Colours are classes, so that the plot is readable in light and dark.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder _elements = new();

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Append($"""<line class="{style}" x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}"/>""");

    public void Rectangle(double x, double y, double width, double height, string style) =>
        Append($"""<rect class="{style}" x="{x:0.#}" y="{y:0.#}" width="{Math.Max(width, 0):0.#}" height="{height:0.#}"/>""");

    public void Circle(double x, double y, double radius, string style) =>
        Append($"""<circle class="{style}" cx="{x:0.#}" cy="{y:0.#}" r="{radius:0.#}"/>""");

    public void Polyline(IEnumerable<(double X, double Y)> points, string style)
    {
        var text = string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.X:0.#},{point.Y:0.#}")));
        Append($"""<polyline class="{style}" points="{text}"/>""");
    }

    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The words.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="style">Its class.</param>
    public void Text(double x, double y, string text, string anchor = "start", string style = "text") =>
        Append($"""<text class="{style}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{Escape(text)}</text>""");

    public string ToDocument(int width, int height, string title, string styles) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{Escape(title)}">
        <title>{Escape(title)}</title>
        <style>
        {styles}
        </style>
        {_elements}</svg>

        """);

    private void Append(FormattableString element) => _elements.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
