namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is different about a service on a cluster of machines. On one machine it runs once, as it is.</summary>
/// <param name="instances">How many times it runs, unless whoever deploys says otherwise.</param>
public sealed class ClusterAnnotation(int instances) : IResourceAnnotation
{
    /// <summary>How many times it runs, unless whoever deploys says otherwise.</summary>
    public int Instances { get; } = instances;

    /// <summary>The variables that are different: a text, a parameter or an expression of these; null where there is none.</summary>
    public IDictionary<string, object?> Environment { get; } = new Dictionary<string, object?>();

    /// <summary>The arguments that are left out.</summary>
    public ISet<string> LeftOut { get; } = new HashSet<string>();

    /// <summary>The arguments of one more container of the same, which does what is done once however many there are; empty if nothing is.</summary>
    public IList<string> OnceArguments { get; } = [];

    /// <summary>Whether what it keeps is kept elsewhere, and its volumes are left out.</summary>
    public bool KeepsElsewhere { get; set; }

    /// <summary>What it reaches outside the application's networks: a name for each and the TCP port.</summary>
    public IDictionary<string, int> Outside { get; } = new Dictionary<string, int>();
}
