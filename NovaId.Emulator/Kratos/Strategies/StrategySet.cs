namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>All strategies, in Kratos' order. Forms show those that kratos.yml turns on; submissions go to all, because one that is turned
/// off says so.</summary>
internal sealed class StrategySet(KratosConfiguration configuration, params IReadOnlyList<IStrategy> all)
{
    /// <summary>The strategies that take part in a flow.</summary>
    public IEnumerable<T> All<T>()
        where T : IStrategy => all.OfType<T>();

    /// <summary>The strategies that show themselves in a flow.</summary>
    public IEnumerable<T> Enabled<T>()
        where T : IStrategy => All<T>().Where(strategy => configuration.Methods.Contains(strategy.Method));
}
