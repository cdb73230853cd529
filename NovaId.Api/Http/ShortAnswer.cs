using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Api.Http;

/// <summary>
/// Holds an answer back until it is complete, as long as it is short, so that it says its length and leaves in one piece. What becomes
/// longer flows on as it is written.
/// </summary>
internal sealed class ShortAnswer(IHttpResponseBodyFeature server) : PipeWriter, IHttpResponseBodyFeature, IDisposable
{
    /// <summary>How much is held back; in bytes.</summary>
    private const int Maximum = 64 * 1024;

    private const int FirstSize = 4096;

    private byte[] _held = [];
    private int _count;
    private int _flushed;
    private Stream? _stream;

    /// <summary>Whether it has become too long to be held back.</summary>
    public bool IsLong { get; private set; }

    public PipeWriter Writer => this;

    public Stream Stream => _stream ??= AsStream(leaveOpen: true);

    public override bool CanGetUnflushedBytes => true;

    /// <summary>What was written since the last flush, held back or not: a serializer stops at every member while there is too much.</summary>
    public override long UnflushedBytes => IsLong ? server.Writer.UnflushedBytes : _count - _flushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        Reserve(sizeHint) ? _held.AsMemory(_count) : server.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        Reserve(sizeHint) ? _held.AsSpan(_count) : server.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (IsLong)
        {
            server.Writer.Advance(bytes);
        }
        else
        {
            _count += bytes;
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (IsLong)
        {
            return server.Writer.FlushAsync(cancellationToken);
        }

        _flushed = _count;
        return new(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override void CancelPendingFlush() => server.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The end of the request says that the answer is complete.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) =>
        IsLong ? server.StartAsync(cancellationToken) : Task.CompletedTask;

    public void DisableBuffering()
    {
        GiveAway();
        server.DisableBuffering();
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        GiveAway();
        await server.CompleteAsync();
    }

    /// <summary>Forgets what is held, for another answer in its place.</summary>
    public void Discard() => _count = _flushed = 0;

    /// <summary>Sends what is held, with its length, or the rest of what is long.</summary>
    public async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (!IsLong)
        {
            if (_count == 0)
            {
                return;
            }

            response.ContentLength ??= _count;
            GiveAway();
        }

        await server.Writer.FlushAsync(cancellationToken);
    }

    public void Dispose() => Return();

    private bool Reserve(int sizeHint)
    {
        if (IsLong)
        {
            return false;
        }

        var needed = _count + Math.Max(sizeHint, 1);
        if (needed <= _held.Length)
        {
            return true;
        }

        if (needed > Maximum)
        {
            GiveAway();
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstSize, 2 * _held.Length)));
        _held.AsSpan(0, _count).CopyTo(larger);
        Return();
        _held = larger;
        return true;
    }

    private void GiveAway()
    {
        if (IsLong)
        {
            return;
        }

        IsLong = true;
        server.Writer.Write(_held.AsSpan(0, _count));
        _count = 0;
        Return();
    }

    private void Return()
    {
        if (_held.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_held);
            _held = [];
        }
    }
}
