using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Pages.Configuration;

namespace NovaId.Pages.Http;

/// <summary>What a browser may do with a page: nothing but what is named here.</summary>
internal static class SecurityHeaders
{
    private static readonly string[] Features =
    [
        "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb",
    ];

    public static IServiceCollection AddPageSecurityHeaders(this IServiceCollection services)
    {
        services.AddSecurityHeaderPolicies((builder, provider) =>
        {
            var isSecure = provider.GetRequiredService<PageOrigin>().IsSecure;
            var policies = Policies(isSecure, asks: false, target: null);
            var asking = Policies(isSecure, asks: true, target: null);
            builder.SetDefaultPolicy(policies);
            builder.SetPolicySelector(context => (Questions.AreAllowed(context.HttpContext), FormTargets.Of(context.HttpContext)) switch
            {
                (var asks, { } target) => Policies(isSecure, asks, target),
                (true, null) => asking,
                _ => policies,
            });
        });
        return services;
    }

    private static HeaderPolicyCollection Policies(bool isSecure, bool asks, string? target)
    {
        var policies = new HeaderPolicyCollection()
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddScriptSrc().Self();
                csp.AddStyleSrc().Self();
                // Kratos shows the picture for an authenticator app as a data: address.
                csp.AddImgSrc().Self().Data();
                if (asks)
                {
                    csp.AddConnectSrc().Self();
                }

                var forms = csp.AddFormAction().Self();
                if (target is not null)
                {
                    forms.From(target);
                }

                csp.AddFrameAncestors().None();
                csp.AddBaseUri().None();
            })
            .AddContentTypeOptionsNoSniff()
            .AddFrameOptionsDeny()
            // The origin must be sent with our own forms: with no-referrer a browser would say "null".
            .AddReferrerPolicySameOrigin()
            .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
            .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
            .AddCustomHeader(
                "Permissions-Policy",
                string.Join(", ", Features.Select(feature => $"{feature}=()")) + ", publickey-credentials-create=(self), publickey-credentials-get=(self)")
            .RemoveServerHeader();
        return isSecure ? policies.AddCustomHeader("Strict-Transport-Security", "max-age=31536000") : policies;
    }
}
