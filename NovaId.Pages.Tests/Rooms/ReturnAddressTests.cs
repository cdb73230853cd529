using NovaId.Pages.Http;

namespace NovaId.Pages.Tests.Rooms;

public sealed class ReturnAddressTests
{
    [Theory]
    [InlineData("/accounts")]
    [InlineData("/accounts/keys?page=2#x")]
    [InlineData("/admin/people")]
    [InlineData("/accounts/consent?consent_challenge=a//b")]
    public void A_page_of_the_zone_is_kept(string address) => Assert.Equal(address, ReturnAddress.Checked(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api/me")]
    [InlineData("/accountsevil")]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/accounts/")]
    [InlineData("/\\evil.example")]
    [InlineData("/accounts/\r\nSet-Cookie: a=b")]
    [InlineData("/accounts/../oauth2/auth")]
    [InlineData("javascript:alert(1)")]
    public void Anything_else_is_dropped(string? address) => Assert.Null(ReturnAddress.Checked(address));
}
