using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Tests.Gateway;

public sealed class RequestUrlTests
{
    [Theory]
    [InlineData("/api/x", "/api/x")]
    [InlineData("/api/x/", "/api/x")]
    [InlineData("//api//x", "/api/x")]
    [InlineData("/noop/../api/x", "/api/x")]
    [InlineData("/noop/..%2fapi/x", "/api/x")]
    [InlineData("/%2e%2e/api/./x", "/api/x")]
    [InlineData("/../../x", "/x")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/caf%C3%A9", "/café")]
    [InlineData("/", "/")]
    public void A_path_is_matched_decoded_and_clean(string target, string expected)
    {
        Assert.True(RequestUrl.TryParse(target + "?q=/../", "host", out var url));
        url.CleanPath();

        Assert.Equal("http://host" + expected, url.MatchText());
    }

    [Theory]
    [InlineData("/a%zz")]
    [InlineData("/a%2")]
    [InlineData("/%")]
    [InlineData("http://a user@host/x")]
    public void A_target_that_cannot_be_decoded_is_refused(string target) => Assert.False(RequestUrl.TryParse(target, "host", out _));

    [Fact]
    public void Whom_an_address_names_is_no_part_of_the_host()
    {
        Assert.True(RequestUrl.TryParse("http://user@other/x", "host", out var url));

        Assert.Equal("http://other/x", url.MatchText());
    }

    [Theory]
    // What encoding the path gives back anyway is sent so; what it would lose is sent as it came.
    [InlineData("/api/x/", "", "", "/api/x")]
    [InlineData("/api/a%2fb", "", "", "/api/a%2fb")]
    [InlineData("/api/a%20b", "", "", "/api/a%20b")]
    [InlineData("/api/caf%c3%a9", "", "", "/api/caf%c3%a9")]
    [InlineData("/api/!x", "", "", "/api/!x")]
    [InlineData("/api/%ff", "", "", "/api/%ff")]
    [InlineData("/api/(x)*", "", "", "/api/(x)*")]
    // Once the path was rewritten, the raw path counts no more: the slash is decoded for good.
    [InlineData("/svc/kratos/admin/a%2Fb", "", "/svc/kratos", "/admin/a/b")]
    [InlineData("/svc/kratos/admin/!x", "", "/svc/kratos", "/admin/%21x")]
    [InlineData("/a//b%2fc", "", "", "/a/b/c")]
    [InlineData("/a//%ff", "", "", "/a/%FF")]
    [InlineData("/svc/kratos", "", "/svc/kratos", "/")]
    [InlineData("/x/strip/y/strip/z", "", "/strip", "/x/y/strip/z")]
    [InlineData("/x", "/base", "", "/base/x")]
    [InlineData("/x?a=1&b=%2F", "", "", "/x?a=1&b=%2F")]
    [InlineData("/x?", "", "", "/x?")]
    [InlineData("/x?b=2&a=1;c=3&a=0", "", "", "/x?a=0&b=2")]
    [InlineData("/x?a=%zz&b=x+y", "", "", "/x?b=x+y")]
    public void The_upstream_receives_the_target_as_Go_writes_it(string target, string basePath, string strip, string expected)
    {
        Assert.True(RequestUrl.TryParse(target, "host", out var url));
        url.CleanPath();

        Assert.Equal(expected, url.UpstreamTarget(basePath, strip));
    }

    [Fact]
    public void The_authority_of_an_absolute_target_takes_the_place_of_the_host()
    {
        Assert.True(RequestUrl.TryParse("http://other:80/x?y", "host", out var url));

        Assert.Equal("http://other:80/x", url.MatchText());
        Assert.Equal("y", url.RawQuery);
    }
}
