using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Tests.Gateway;

public sealed class GoTemplateTests
{
    private const string Extra = """
        {"s":"a<b>&'\"é\u2028","n":1700000000,"small":0.5,"big":1e21,"t":true,"f":false,"nil":null,"list":["x",1,null],"map":{"k":"v","a":{"b":2}},"empty":""}
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ .Subject }}", "someone")]
    [InlineData("{{.Subject}}{{ print .Subject }}", "someonesomeone")]
    [InlineData("a {{- .Subject -}} b", "asomeoneb")]
    [InlineData("a {{/* comment */}}b", "a b")]
    [InlineData("{{ $.Subject }}", "someone")]
    // A key that is missing is the zero value, which an untyped map prints as no value at all.
    [InlineData("{{ .Extra.missing }}", "<no value>")]
    [InlineData("{{ .Extra.nil }}", "<no value>")]
    [InlineData("{{ print .Extra.missing }}", "")]
    [InlineData("{{ .Extra.missing | toJson }}", "null")]
    [InlineData("{{ .Extra.missing | default \"d\" }}", "d")]
    [InlineData("{{ .Extra.empty | default \"d\" }}", "d")]
    [InlineData("{{ .Extra.t | default \"d\" }}", "true")]
    [InlineData("{{ .Extra.n }}", "1.7e+09")]
    [InlineData("{{ .Extra.small }} {{ .Extra.big }}", "0.5 1e+21")]
    [InlineData("{{ .Extra.n | toJson }} {{ .Extra.big | toJson }}", "1700000000 1e+21")]
    [InlineData("{{ .Extra.list }}", "[x 1 <nil>]")]
    [InlineData("{{ .Extra.map }}", "map[a:map[b:2] k:v]")]
    [InlineData("{{ .Extra.map | toJson }}", "{\"a\":{\"b\":2},\"k\":\"v\"}")]
    [InlineData("{{ .Extra.list | toJson }}", "[\"x\",1,null]")]
    [InlineData("{{ toJson .Extra.s }}", "\"a\\u003cb\\u003e\\u0026'\\\"é\\u2028\"")]
    [InlineData("{{ .MatchContext.Header.Get \"x-one\" }}", "1")]
    [InlineData("{{ .MatchContext.Header.Get \"X-None\" }}", "")]
    [InlineData("{{ .MatchContext.Method }} {{ .MatchContext.URL.Path }} {{ .MatchContext.URL.RawQuery }}", "GET /a b q=1")]
    [InlineData("{{ printIndex .MatchContext.RegexpCaptureGroups 0 }}{{ printIndex .MatchContext.RegexpCaptureGroups 9 }}", "g0")]
    [InlineData("{{ index .MatchContext.RegexpCaptureGroups 1 }}", "g1")]
    [InlineData("{{ index .Extra \"map\" \"k\" }}", "v")]
    [InlineData("{{ (index .Extra \"map\").k }}", "v")]
    [InlineData("{{ index .Extra.list 0 }}", "x")]
    [InlineData("{{ if .Extra.s }}yes{{ else }}no{{ end }}", "yes")]
    [InlineData("{{ if .Extra.missing }}yes{{ else }}no{{ end }}", "no")]
    [InlineData("{{ if .Extra.f }}1{{ else if .Extra.empty }}2{{ else if .Extra.list }}3{{ else }}4{{ end }}", "3")]
    [InlineData("{{ if and .Extra.t (not .Extra.f) (eq .Subject \"x\" \"someone\") }}yes{{ end }}", "yes")]
    [InlineData("{{ or .Extra.empty .Extra.missing \"last\" }}", "last")]
    [InlineData("{{ and .Extra.t \"last\" }}", "last")]
    [InlineData("{{ or .Extra.t .Extra.s.not.reached }}", "true")]
    [InlineData("{{ eq .Extra.missing \"x\" }} {{ eq .Extra.missing nil }} {{ ne .Subject \"x\" }}", "false true true")]
    [InlineData("{{ if .Extra.t }}{{ if .Extra.f }}a{{ else }}b{{ end }}c{{ end }}", "bc")]
    [InlineData("{{ `raw \"x\"` }}{{ \"a\\tb\" }}", "raw \"x\"a\tb")]
    [InlineData("{{ print true }} {{ print 3 }} {{ print -2.5 }}", "true 3 -2.5")]
    public void A_template_renders_what_Go_renders(string template, string expected) => Assert.Equal(expected, GoTemplate.Parse(template).Render(Session()));

    [Fact]
    public void Extra_of_a_request_that_nobody_authenticated_is_an_empty_map()
    {
        var session = new AuthenticationSession(Session().MatchContext);

        Assert.Equal("map[] <no value> null", GoTemplate.Parse("{{ .Extra }} {{ .Extra.x }} {{ .Extra | toJson }}").Render(session));
    }

    [Theory]
    [InlineData("{{ .Extra.missing.deeper }}")]
    [InlineData("{{ .Extra.s.deeper }}")]
    [InlineData("{{ .Extra.s \"argument\" }}")]
    [InlineData("{{ index .Extra.missing \"k\" }}")]
    [InlineData("{{ index .MatchContext.RegexpCaptureGroups 5 }}")]
    [InlineData("{{ eq .Extra.n 3 }}")]
    [InlineData("{{ eq .Extra.list .Extra.list }}")]
    [InlineData("{{ printIndex .MatchContext.RegexpCaptureGroups \"0\" }}")]
    public void A_value_of_the_wrong_kind_fails_the_rendering(string template) =>
        Assert.Throws<TemplateException>(() => GoTemplate.Parse(template).Render(Session()));

    [Theory]
    [InlineData("{{ .Subject | upperr }}", "upperr")]
    [InlineData("{{ env \"HOME\" }}", "env")]
    [InlineData("{{ range .Extra }}{{ end }}", "range")]
    [InlineData("{{ $x := 1 }}", "$x")]
    [InlineData("{{ .Subjekt }}", "Subjekt")]
    [InlineData("{{ .MatchContext.Heder }}", "Heder")]
    [InlineData("{{ .Subject.x }}", "x")]
    [InlineData("{{ if .Subject }}", "end")]
    [InlineData("{{ end }}", "end")]
    [InlineData("{{ .Subject ", "}}")]
    [InlineData("{{ print \"x }}", "string")]
    [InlineData("{{ }}", "empty")]
    [InlineData("{{ print 1 2 }}", "print")]
    [InlineData("{{ (.Subject }}", "bracket")]
    [InlineData("{{ .Subject) }}", "bracket")]
    [InlineData("{{ \"x\" .Subject }}", "function")]
    public void A_template_that_is_not_known_here_is_refused_before_anything_runs(string template, string named) =>
        Assert.Contains(named, Assert.Throws<TemplateException>(() => GoTemplate.Parse(template)).Message, StringComparison.Ordinal);

    private static AuthenticationSession Session()
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers["X-One"] = new Microsoft.Extensions.Primitives.StringValues(["1", "2"]);
        Assert.True(RequestUrl.TryParse("/a%20b?q=1", "host", out var url));
        using var document = JsonDocument.Parse(Extra);
        return new AuthenticationSession(new MatchContext(["g0", "g1"], GatewayRequest.From(http.Request, url)))
        {
            Subject = "someone",
            Extra = GoValue.MapFromJson(document.RootElement),
        };
    }
}
