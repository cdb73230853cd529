namespace NovaId.Api.Explanations;

/// <summary>Explanations of what Keto answers.</summary>
internal static class ExplanationServiceCollectionExtensions
{
    public static IServiceCollection AddExplanations(this IServiceCollection services) => services.AddScoped<Explainer>();
}
