using System.Formats.Tar;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Gives every server a new certificate before the one it has ends. The files are put into its running container, or into its folder on this
/// machine; the server reads them again by itself, at its signal, or when it is started again. A server that cannot be given one keeps the old one, and is tried again.
/// </summary>
internal sealed partial class CertificateRenewal(DistributedApplicationModel model, ContainerEngine engine, ILogger<CertificateRenewal> logger, TimeProvider? clock = null)
    : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>How many times it is looked within one certificate's time.</summary>
    private const int Looks = 30;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Replaces what is due.</summary>
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            if (resource.Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault() is { Current: { } current } files && current.RenewFrom <= _clock.GetUtcNow())
            {
                await RenewAsync(resource, files, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CertificateFolder.RemoveForsaken();
        var lifetimes = model.Resources.OfType<CertificateAuthorityResource>().Select(authority => authority.CertificateLifetime).ToArray();
        var pause = lifetimes.Min() / Looks;
        using var timer = new PeriodicTimer(pause < LongestPause ? pause : LongestPause, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var folder in model.Resources.SelectMany(resource => resource.Annotations.OfType<CertificateFilesAnnotation>()))
        {
            folder.OfThisMachine?.Remove();
        }

        base.Dispose();
    }

    /// <summary>As an archive, in which owners and modes are what they are to be: <see href="https://docs.docker.com/reference/cli/docker/container/cp/"/>.</summary>
    internal static byte[] Archive(IEnumerable<ContainerFile> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Name)
                {
                    Uid = file.Owner ?? 0,
                    Mode = file.Mode,
                    DataStream = new MemoryStream(Encoding.ASCII.GetBytes(file.Contents!)),
                });
            }
        }

        return archive.ToArray();
    }

    private async Task RenewAsync(IResource resource, CertificateFilesAnnotation files, CancellationToken cancellationToken)
    {
        var before = files.Current;
        try
        {
            if (files.OfThisMachine is { } folder)
            {
                folder.Write(files.NewFiles());
            }
            else
            {
                await RenewInContainerAsync(resource, files, cancellationToken);
            }

            LogRenewed(resource.Name, files.Current!.NotAfter);
        }
        catch (Exception exception) when (exception is ContainerEngineException or IOException or UnauthorizedAccessException)
        {
            // The one before is what the server still has.
            files.Current = before;
            LogNotRenewed(resource.Name, before!.NotAfter, exception.Message);
        }
    }

    private async Task RenewInContainerAsync(IResource resource, CertificateFilesAnnotation files, CancellationToken cancellationToken)
    {
        var container = resource.Annotations.OfType<ContainerNameAnnotation>().Last().Name;
        await engine.RunAsync(["cp", "-", $"{container}:{CertificateFiles.Folder}"], cancellationToken, input: Archive(files.NewFiles()));
        if (files.IsReadOnce)
        {
            await engine.RunAsync(["restart", container], cancellationToken);
        }
        else if (files.ReloadSignal is { } signal)
        {
            await engine.RunAsync(["kill", "--signal", signal, container], cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "'{Server}' has a new certificate, which counts until {NotAfter:u}.")]
    private partial void LogRenewed(string server, DateTimeOffset notAfter);

    [LoggerMessage(2, LogLevel.Warning, "'{Server}' has no new certificate yet; the one that it has counts until {NotAfter:u}. {Reason}")]
    private partial void LogNotRenewed(string server, DateTimeOffset notAfter, string reason);
}
