using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The form of a flow: where it is sent to, its inputs and what to tell the user.</summary>
internal sealed class UiContainer(string action)
{
    private readonly List<UiNode> _nodes = [];
    private readonly List<UiMessage> _messages = [];

    /// <summary>How the form is sent.</summary>
    public string Method { get; init; } = "POST";

    public IReadOnlyList<UiNode> Nodes => _nodes;

    public UiContainer Copy()
    {
        var copy = new UiContainer(action) { Method = Method };
        copy._nodes.AddRange(_nodes);
        copy._messages.AddRange(_messages);
        return copy;
    }

    public UiNode? Find(string name) => IndexOf(name) is var i and >= 0 ? _nodes[i] : null;

    public void Clear() => _nodes.Clear();

    public void SetCsrf(string token) => Upsert(UiInput.Csrf(token));

    public void Append(UiNode node) => _nodes.Add(node);

    public void Upsert(UiNode node)
    {
        if (IndexOf(node.Name) is var i and >= 0)
        {
            _nodes[i] = node;
        }
        else
        {
            _nodes.Add(node);
        }
    }

    /// <summary>Fills in an input that is there; anything else is let go.</summary>
    public void SetValue(string name, object? value)
    {
        if (IndexOf(name) is var i and >= 0)
        {
            _nodes[i] = _nodes[i].WithValue(value);
        }
    }

    /// <summary>Fills in the traits, and makes inputs for those that the form does not have.</summary>
    public void SetTraits(JsonElement traits, string group)
    {
        foreach (var (name, value) in KratosJson.Flatten(traits, "traits"))
        {
            if (IndexOf(name) is var i and >= 0)
            {
                _nodes[i] = _nodes[i].WithValue(value) with { Group = group };
            }
            else
            {
                _nodes.Add(new UiInput(group, name, UiInput.TypeOf(value)) { Value = value });
            }
        }
    }

    public void Remove(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _nodes.RemoveAll(node => node.Name == name);
        }
    }

    public void Reset(string name)
    {
        if (IndexOf(name) is var i and >= 0)
        {
            _nodes[i] = _nodes[i].Reset();
        }
    }

    public void ResetTraits()
    {
        foreach (var node in _nodes.Where(node => node.Name.StartsWith("traits.", StringComparison.Ordinal)).ToArray())
        {
            Reset(node.Name);
        }
    }

    /// <summary>Takes away what stands above the form.</summary>
    public void ClearMessages() => _messages.Clear();

    public void ResetMessages()
    {
        _messages.Clear();
        for (var i = 0; i < _nodes.Count; i++)
        {
            _nodes[i] = _nodes[i] with { Messages = [] };
        }
    }

    /// <summary>Puts a message to the input it is about, or above the form.</summary>
    public void AddMessage(UiMessage message, string? name = null)
    {
        if (string.IsNullOrEmpty(name))
        {
            _messages.Add(message);
        }
        else if (IndexOf(name) is var i and >= 0)
        {
            _nodes[i] = _nodes[i] with { Messages = [.. _nodes[i].Messages, message] };
        }
        else
        {
            _nodes.Add(new UiInput(UiNode.DefaultGroup, name, "text") { Messages = [message] });
        }
    }

    /// <summary>
    /// Puts the inputs in Kratos' order: by group, then by key, where inputs of different groups are compared only between default and
    /// password. That comparison is not transitive, so the algorithm is part of the result: an insertion sort, as Go's is at this length.
    /// </summary>
    public void Sort(IReadOnlyList<string> groups, IReadOnlyList<string> keys)
    {
        var sorted = _nodes.OrderBy(node => IndexIn(groups, node.Group)).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            for (var j = i; j > 0 && Less(sorted[j], sorted[j - 1]); j--)
            {
                (sorted[j], sorted[j - 1]) = (sorted[j - 1], sorted[j]);
            }
        }

        _nodes.Clear();
        _nodes.AddRange(sorted);

        bool Less(UiNode a, UiNode b)
        {
            var comparable = a.Group == b.Group
                || (a.Group, b.Group) is (UiNode.DefaultGroup, UiNode.PasswordGroup) or (UiNode.PasswordGroup, UiNode.DefaultGroup);
            if (!comparable)
            {
                return false;
            }

            var (x, y) = (Position(a), Position(b));
            return x != y ? x < y : string.CompareOrdinal(Text(a.SortValue), Text(b.SortValue)) < 0;
        }

        int Position(UiNode node)
        {
            if (node.Name == "method")
            {
                return int.MaxValue;
            }

            for (var i = 0; i < keys.Count; i++)
            {
                if (node.Name.StartsWith(keys[i], StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return keys.Count;
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["action"] = action,
            ["method"] = Method,
            // Go writes a list that nothing was added to as null.
            ["nodes"] = _nodes.Count == 0 ? null : new JsonArray([.. _nodes.Select(node => node.ToJson())]),
        };
        if (_messages.Count > 0)
        {
            json["messages"] = new JsonArray([.. _messages.Select(message => message.ToJson())]);
        }

        return json;
    }

    private static string Text(object? value) => value is null ? "<nil>" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static int IndexIn(IReadOnlyList<string> list, string item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == item)
            {
                return i;
            }
        }

        return -1;
    }

    private int IndexOf(string name) => _nodes.FindIndex(node => node.Name == name);
}
