namespace NovaId.AppHost.Tests.Proofs;

public sealed class ProbeScriptTests
{
    private static readonly Question Health = new("kratos", 4433, OryServiceBuilderExtensions.Alive);
    private static readonly Question Database = new("postgres", 5432, Greeting.Postgres);
    private static readonly Question Mail = new("mail", 1025, Greeting.Smtp);

    [Theory]
    [InlineData(0, "{\"status\":\"ok\"}\n", "Answers")]
    [InlineData(0, "<html>log in to this network</html>", "OtherAnswer")]
    [InlineData(0, "", "NothingSaid")]
    [InlineData(1, "wget: server returned error: HTTP/1.1 404 Not Found\n", "OtherAnswer")]
    [InlineData(1, "wget: bad address 'kratos:4433'\n", "NoSuchName")]
    [InlineData(1, "wget: can't connect to remote host (172.19.0.3): Connection refused\n", "Refused")]
    [InlineData(1, "wget: can't connect to remote host (172.19.0.3): Network is unreachable\n", "Unreachable")]
    [InlineData(1, "wget: can't connect to remote host (172.19.0.3): No route to host\n", "Unreachable")]
    [InlineData(1, "wget: download timed out\n", "TimedOut")]
    [InlineData(143, "", "TimedOut")]
    [InlineData(1, "wget: error getting response\n", "NothingSaid")]
    [InlineData(1, "refused, says a service that answers\n", "OtherAnswer")]
    public void What_the_tools_print_is_told_apart(int code, string text, string outcome)
    {
        var (replies, _) = ProbeScript.Read([Health], $"\n@@probe 0 {code}\n{text}\n@@probe sockets 0\n");

        Assert.Equal(outcome, Assert.Single(replies).Outcome.ToString());
    }

    [Fact]
    public void A_database_and_a_mail_server_are_known_by_their_first_words()
    {
        var (replies, _) = ProbeScript.Read(
            [Database, Mail, Database], "\n@@probe 0 0\nN\n@@probe 1 1\n220 mail ESMTP\r\n221 bye\r\n\n@@probe 2 0\nHTTP/1.1 400 Bad Request\n@@probe sockets 0\n");

        Assert.Equal([Outcome.Answers, Outcome.Answers, Outcome.OtherAnswer], replies.Select(reply => reply.Outcome));
    }

    [Fact]
    public void A_question_whose_answer_is_missing_is_unknown()
    {
        var (replies, _) = ProbeScript.Read([Health, Database], "\n@@probe 0 0\n{\"status\":\"ok\"}");

        Assert.Equal([Outcome.Answers, Outcome.Unknown], replies.Select(reply => reply.Outcome));
    }

    [Fact]
    public void What_listens_is_read_from_the_kernels_tables_but_for_the_engines_name_server()
    {
        const string Tables = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0B00007F:B06B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
               1: 0100007F:1168 00000000:0000 0A 00000000:00000000 00:00000000 00000000   100        0 2
               2: 030013AC:1167 040013AC:8E2C 01 00000000:00000000 00:00000000 00000000   100        0 3
              sl  local_address                         remote_address                        st tx_queue rx_queue
               0: 00000000000000000000000000000000:1167 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
            """;

        Assert.Equal(["127.0.0.1:4456", "[::]:4455"], SocketTable.Listening(Tables).Select(endpoint => endpoint.ToString()));
    }

    [Fact]
    public void A_question_is_one_line_that_no_shell_can_misread()
    {
        var script = ProbeScript.Write([Health, Database], TimeSpan.FromSeconds(4));

        Assert.Contains("timeout 10 wget -q --no-check-certificate -T 4 ", script, StringComparison.Ordinal);
        Assert.Contains("ask 0 'http://kratos:4433/health/alive' &\n", script, StringComparison.Ordinal);
        Assert.Contains("say 1 postgres 5432 '\\000\\000\\000\\010\\004\\322\\026\\057' 9 &\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', script);
    }
}
