namespace NovaId.Bench;

/// <summary>Why nothing can be measured, in words for whoever runs the benchmark.</summary>
internal sealed class BenchException(string message, Exception? innerException = null) : Exception(message, innerException);
