using NovaId.Emulator.Gateway.Rules;

namespace NovaId.Tests.Gateway;

public sealed class RulePatternTests
{
    [Theory]
    [InlineData("http://h/a", "http://h/a", true)]
    [InlineData("http://h/a", "http://h/a/b", false)]
    [InlineData("http://h/a", "xhttp://h/a", false)]
    [InlineData("http://h/a.b", "http://h/axb", false)]
    [InlineData("http://h/<a.b>", "http://h/axb", true)]
    [InlineData("http://h/<a|b>c", "http://h/a", false)]
    [InlineData("http://h/<a|b>c", "http://h/bc", true)]
    [InlineData("http://h/Api", "http://h/api", false)]
    [InlineData(@"http://h/<\d+>", "http://h/123", true)]
    [InlineData(@"http://h/<\d+>", "http://h/١٢٣", false)]
    [InlineData(@"http://h/<[\w-]+>", "http://h/a-b_1", true)]
    [InlineData(@"http://h/<[\w-]+>", "http://h/é", false)]
    [InlineData("http://h/<(?!admin$).+>", "http://h/admin", false)]
    [InlineData("http://h/<(?!admin$).+>", "http://h/admins", true)]
    [InlineData("http://h/<(?<name>[a-z]+)>", "http://h/abc", true)]
    [InlineData("http://h/<(?P<name>[a-z]+)>", "http://h/abc", true)]
    public void A_pattern_is_anchored_and_literal_outside_its_groups(string pattern, string text, bool expected) =>
        Assert.Equal(expected, RulePattern.Parse(pattern).IsMatch(text));

    [Fact]
    public void Groups_are_numbered_from_the_first_and_one_that_took_no_part_is_empty() =>
        Assert.Equal(["http", "x", "a", "", "a"], RulePattern.Parse("<https?>://<[^/]+>/<(b)?(a)>").CaptureGroups("http://x/a"));

    [Theory]
    [InlineData("http://h/<a")]
    [InlineData("http://h/a>")]
    [InlineData("http://h/<[a>")]
    [InlineData("http://h/<a)(b>")]
    [InlineData(@"http://h/<\bx>")]
    [InlineData("http://h/<[[:alpha:]]>")]
    public void A_pattern_that_means_nothing_or_something_else_here_is_refused(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => RulePattern.Parse(pattern));

    [Fact]
    public void A_match_that_takes_too_long_is_an_error()
    {
        var pattern = RulePattern.Parse("http://h/<(a+)+>/end");

        Assert.Throws<System.Text.RegularExpressions.RegexMatchTimeoutException>(() => pattern.IsMatch("http://h/" + new string('a', 40) + "!/end"));
    }
}
