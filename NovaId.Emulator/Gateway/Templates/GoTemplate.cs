using System.Text;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>
/// A template in the part of Go's text/template language that gateway configuration needs: fields, the functions of
/// <see cref="GoFunctions"/>, pipelines, conditions and trim markers. What it does not know, it refuses when it is parsed.
/// </summary>
internal sealed class GoTemplate
{
    private readonly IReadOnlyList<Node> _nodes;

    private GoTemplate(IReadOnlyList<Node> nodes) => _nodes = nodes;

    /// <exception cref="TemplateException">The text is no template that is known here.</exception>
    public static GoTemplate Parse(string text) => new(new TemplateParser(text).Parse());

    /// <exception cref="TemplateException">A value is not of the kind that the template needs.</exception>
    public string Render(AuthenticationSession session)
    {
        switch (_nodes)
        {
            case []:
                return "";
            case [Text { Value: var only }]:
                return only;
            default:
                var output = new StringBuilder();
                Render(_nodes, session, output);
                return output.ToString();
        }
    }

    private static void Render(IReadOnlyList<Node> nodes, AuthenticationSession session, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case Text text:
                    output.Append(text.Value);
                    break;
                case Output action:
                    output.Append(action.Pipeline.Evaluate(session) is { } value ? GoValue.Format(value) : "<no value>");
                    break;
                case Condition condition:
                    var branch = condition.Branches.FirstOrDefault(b => GoValue.IsTrue(b.Test.Evaluate(session)));
                    Render(branch?.Body ?? condition.Otherwise, session, output);
                    break;
            }
        }
    }

    internal abstract record Node;

    internal sealed record Text(string Value) : Node;

    internal sealed record Output(Pipeline Pipeline) : Node;

    internal sealed record Condition(IReadOnlyList<Branch> Branches, IReadOnlyList<Node> Otherwise) : Node;

    internal sealed record Branch(Pipeline Test, IReadOnlyList<Node> Body);

    internal abstract record Operand
    {
        public abstract object? Evaluate(AuthenticationSession session);
    }

    internal sealed record Literal(object? Value) : Operand
    {
        public override object? Evaluate(AuthenticationSession session) => Value;
    }

    /// <summary>Commands joined by bars: each hands its value to the next as the last argument.</summary>
    internal sealed record Pipeline(IReadOnlyList<Command> Commands) : Operand
    {
        public override object? Evaluate(AuthenticationSession session)
        {
            var value = Commands[0].Evaluate(session, piped: null);
            foreach (var command in Commands.Skip(1))
            {
                value = command.Evaluate(session, new Literal(value));
            }

            return value;
        }
    }

    /// <summary>A field, and fields of it; the last one may be a method.</summary>
    internal sealed record Field(Operand? Start, IReadOnlyList<string> Names) : Operand
    {
        public override object? Evaluate(AuthenticationSession session) => Evaluate(session, []);

        public object? Evaluate(AuthenticationSession session, IReadOnlyList<object?> arguments)
        {
            var value = Start is null ? session : Start.Evaluate(session);
            for (var i = 0; i < Names.Count; i++)
            {
                value = Get(value, Names[i], i == Names.Count - 1 ? arguments : []);
            }

            return value;
        }

        private static object? Get(object? receiver, string name, IReadOnlyList<object?> arguments)
        {
            if (Method(receiver, name, arguments, out var result))
            {
                return result;
            }

            if (arguments.Count > 0)
            {
                throw new TemplateException($"{name} has arguments but cannot be invoked as function");
            }

            return receiver switch
            {
                AuthenticationSession session when session.TryGetField(name, out var value) => value,
                MatchContext match when match.TryGetField(name, out var value) => value,
                RequestUrl url when TryGetField(url, name, out var value) => value,
                Dictionary<string, object?> map => map.GetValueOrDefault(name),
                HeaderMap headers => headers.Values(name),
                null => throw new TemplateException($"nil pointer evaluating {name}"),
                _ => throw new TemplateException($"can't evaluate field {name}"),
            };
        }

        private static bool Method(object? receiver, string name, IReadOnlyList<object?> arguments, out object? result)
        {
            result = (receiver, name, arguments) switch
            {
                (HeaderMap headers, "Get", [string key]) => headers.Get(key),
                (HeaderMap headers, "Values", [string key]) => headers.Values(key),
                (HeaderMap, "Get" or "Values", _) => throw new TemplateException($"{name} takes the name of one header"),
                (RequestUrl url, "String", []) => url.ToString(),
                _ => null,
            };
            return result is not null;
        }

        private static bool TryGetField(RequestUrl url, string name, out object? value)
        {
            value = name switch
            {
                "Scheme" => url.Scheme,
                "Host" => url.Host,
                "Path" => ByteString.Decode(url.Path),
                "RawPath" => url.RawPath,
                "RawQuery" => url.RawQuery,
                _ => null,
            };
            return value is not null;
        }
    }

    /// <summary>An operand with arguments: the call of a function or a method, or a value by itself.</summary>
    internal sealed record Command(string? Function, Operand? Operand, IReadOnlyList<Operand> Arguments)
    {
        public object? Evaluate(AuthenticationSession session, Operand? piped)
        {
            IReadOnlyList<Operand> arguments = piped is null ? Arguments : [.. Arguments, piped];
            return (Function, Operand) switch
            {
                ("and", _) => ShortCircuit(session, arguments, until: false),
                ("or", _) => ShortCircuit(session, arguments, until: true),
                ({ } name, _) => GoFunctions.All[name].Call([.. arguments.Select(argument => argument.Evaluate(session))]),
                (_, Field field) => field.Evaluate(session, [.. arguments.Select(argument => argument.Evaluate(session))]),
                _ => Operand!.Evaluate(session),
            };
        }

        private static object? ShortCircuit(AuthenticationSession session, IReadOnlyList<Operand> arguments, bool until)
        {
            object? value = null;
            foreach (var argument in arguments)
            {
                value = argument.Evaluate(session);
                if (GoValue.IsTrue(value) == until)
                {
                    break;
                }
            }

            return value;
        }
    }
}
