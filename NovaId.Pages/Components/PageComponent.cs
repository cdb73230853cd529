using Microsoft.AspNetCore.Components;

namespace NovaId.Pages.Components;

/// <summary>A page as a component: it shows one model and asks nobody for anything.</summary>
/// <typeparam name="TModel">What it shows.</typeparam>
public abstract class PageComponent<TModel> : ComponentBase
{
    /// <summary>What it shows.</summary>
    [Parameter]
    [EditorRequired]
    public TModel Model { get; set; } = default!;
}
