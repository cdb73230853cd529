using NovaId.Bench;
using NovaId.Bench.Report;

namespace NovaId.Tests.Bench;

public sealed class MarkedSectionTests
{
    [Fact]
    public void What_is_written_by_hand_stays()
    {
        var first = MarkedSection.Replace("# Title\n\nBy hand.\n", "emulator", "old");
        var text = $"{first}\nBehind it, by hand.\n";

        var replaced = MarkedSection.Replace(text, "emulator", "new");

        Assert.StartsWith("# Title\n\nBy hand.\n", replaced, StringComparison.Ordinal);
        Assert.EndsWith("\nBehind it, by hand.\n", replaced, StringComparison.Ordinal);
        Assert.Contains("\nnew\n", replaced, StringComparison.Ordinal);
        Assert.DoesNotContain("old", replaced, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_the_same_again_changes_nothing()
    {
        var once = MarkedSection.Replace("", "soak", "a table");

        Assert.Equal(once, MarkedSection.Replace(once, "soak", "a table"));
    }

    [Fact]
    public void Sections_of_other_names_stay()
    {
        var both = MarkedSection.Replace(MarkedSection.Replace("", "emulator", "one"), "native", "two");

        var replaced = MarkedSection.Replace(both, "emulator", "three");

        Assert.Contains("two", replaced, StringComparison.Ordinal);
        Assert.DoesNotContain("one", replaced, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!-- emulator: begin (written by NovaId.Bench) -->\nhalf a section")]
    [InlineData("half a section\n<!-- emulator: end -->")]
    [InlineData("<!-- emulator: end -->\n<!-- emulator: begin (written by NovaId.Bench) -->")]
    public void Half_a_section_is_not_guessed_at(string text) =>
        Assert.Throws<BenchException>(() => MarkedSection.Replace(text, "emulator", "new"));
}
