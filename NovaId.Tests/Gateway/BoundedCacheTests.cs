using Microsoft.Extensions.Time.Testing;
using NovaId.Emulator.Gateway;

namespace NovaId.Tests.Gateway;

public sealed class BoundedCacheTests
{
    [Fact]
    public void It_holds_no_more_than_its_room_and_the_oldest_goes_first()
    {
        var cache = new BoundedCache<int>(new FakeTimeProvider(), capacity: 3);
        for (var i = 0; i < 100; i++)
        {
            cache.Set($"k{i}", i);
        }

        Assert.Equal(3, cache.Count);
        Assert.False(cache.TryGet("k96", null, out _));
        Assert.True(cache.TryGet("k97", null, out _));
    }

    [Fact]
    public void A_value_that_is_set_again_is_young_again()
    {
        var time = new FakeTimeProvider();
        var cache = new BoundedCache<int>(time, capacity: 2);
        cache.Set("a", 1);
        cache.Set("b", 1);
        time.Advance(TimeSpan.FromSeconds(10));
        cache.Set("a", 2);
        cache.Set("c", 1);

        Assert.True(cache.TryGet("a", TimeSpan.FromSeconds(5), out var value));
        Assert.Equal(2, value);
        Assert.False(cache.TryGet("b", null, out _));
    }

    [Fact]
    public void A_value_is_not_found_once_it_is_too_old()
    {
        var time = new FakeTimeProvider();
        var cache = new BoundedCache<int>(time, capacity: 2);
        cache.Set("a", 1);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.False(cache.TryGet("a", TimeSpan.FromSeconds(30), out _));
        Assert.True(cache.TryGet("a", TimeSpan.FromSeconds(31), out _));
    }

    [Fact]
    public void A_value_whose_time_is_over_is_not_kept_though_there_is_room()
    {
        var time = new FakeTimeProvider();
        var cache = new BoundedCache<int>(time, capacity: 100, lifetime: TimeSpan.FromSeconds(30));
        cache.Set("a", 1);
        cache.Set("b", 1);
        time.Advance(TimeSpan.FromSeconds(20));
        cache.Set("a", 2);
        Assert.Equal(2, cache.Count);

        time.Advance(TimeSpan.FromSeconds(10));
        cache.Set("c", 1);

        Assert.Equal(2, cache.Count);
        Assert.False(cache.TryGet("b", null, out _));
        Assert.True(cache.TryGet("a", null, out _));
    }
}
