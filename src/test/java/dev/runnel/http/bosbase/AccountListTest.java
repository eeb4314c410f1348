package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Lists of accounts by page, in an order, narrowed by a filter. */
class AccountListTest extends HttpScenarios {
  private static final String USERS = "/api/collections/users/records";

  private static String filter(String text) {
    return USERS + "?sort=email&filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** How many of the four the filter finds, and the first; empty: none. */
  private void finds(String filter, int count, String first) {
    route("GET", filter(filter))
        .as(SUPERUSER)
        .expect(200)
        .json("totalItems", count)
        .jsonText("/items/0/email", first.isEmpty() ? "" : "\"" + first + "\"");
  }

  private void refuses(String filter, String message) {
    route("GET", filter(filter)).as(SUPERUSER).expect(400, message).jsonText("data", "{}");
  }

  {
    route("POST", USERS)
        .as(SUPERUSER)
        .body(
            """
            {"email":"zoe@elsewhere.org","password":"long enough","passwordConfirm":"long enough",
             "name":"Zoë O'Neill 100%_x","verified":true,"emailVisibility":true}\
            """)
        .expect(200)
        .keepEncoded("created", "created")
        .keep("zoe", "id")
        .as(SUPERUSER)
        .body(
            """
            {"email":"Adam@example.com","password":"long enough","passwordConfirm":"long enough",
             "name":"adam \\\\ \\"x\\""}\
            """)
        .expect(200);
    pages();
    filters();
    refusals();
  }

  private void pages() {
    route("GET", USERS)
        .as(GUEST)
        .expect(200)
        .is("{\"items\":[],\"page\":1,\"perPage\":30,\"totalItems\":0,\"totalPages\":0}")
        .as(USER)
        .expect(200)
        .json("totalItems", 1)
        .json("totalPages", 1)
        .json("/items/0/email", "user@example.com")
        .as(SUPERUSER)
        .expect(200)
        .json("totalItems", 4)
        .json("/items/0/email", "user@example.com")
        .excludes("password", "tokenKey");
    route("GET", USERS + "?page=2&perPage=3&sort=-email")
        .as(SUPERUSER)
        .expect(200)
        .json("page", 2)
        .json("perPage", 3)
        .json("totalItems", 4)
        .json("totalPages", 2)
        .json("/items/0/email", "Adam@example.com")
        .jsonText("/items/1", "");
    route("GET", USERS + "?page=-1&perPage=0&sort=verified,%2Bname,-created&skipTotal=1")
        .as(SUPERUSER)
        .expect(200)
        .json("page", 1)
        .json("perPage", 30)
        .json("totalItems", -1)
        .json("totalPages", -1)
        .json("/items/2/email", "Adam@example.com")
        .json("/items/3/email", "zoe@elsewhere.org");
    route("GET", USERS + "?page=2147483647&perPage=5000")
        .as(SUPERUSER)
        .expect(200)
        .json("perPage", 1000)
        .jsonText("items", "[]");
    for (var query :
        new String[] {
          "page=x", "perPage=1e3", "sort=password", "sort=-", "sort=email,,name", "sort=@random"
        }) {
      route("GET", USERS + "?" + query).as(SUPERUSER).expect(400).as(GUEST).expect(400);
    }
    route("GET", "/api/collections/nothing/records").as(SUPERUSER).expect(404);
  }

  private void filters() {
    finds("email = 'zoe@elsewhere.org'", 1, "zoe@elsewhere.org");
    finds("email!=\"zoe@elsewhere.org\"", 3, "Adam@example.com");
    finds("email ~ 'EXAMPLE.com'", 3, "Adam@example.com");
    finds("email !~ 'example'", 1, "zoe@elsewhere.org");
    finds("email ~ 'u%.com'", 1, "user@example.com");
    finds("email ~ '_'", 0, "");
    finds("name ~ '%100\\%_x'", 0, "");
    finds("name ~ '_x'", 1, "zoe@elsewhere.org");
    finds("name = 'Zoë O\\'Neill 100%_x'", 1, "zoe@elsewhere.org");
    finds("name = 'adam \\ \"x\"' || name=\"adam \\ \\\"x\\\"\"", 1, "Adam@example.com");
    finds("verified = true", 1, "zoe@elsewhere.org");
    finds("verified != true && emailVisibility=false", 3, "Adam@example.com");
    finds("id > '0' && id < '~' && id >= '' && id <= '~'", 4, "Adam@example.com");
    finds("created >= '2020-01-01' && updated < '2100-01-01 00:00:00Z'", 4, "Adam@example.com");
    finds("created < '2020-01-01T00:00:00.123Z'", 0, "");
    finds("verified=true || email='user@example.com' && name='nobody'", 1, "zoe@elsewhere.org");
    finds("(verified=true || email='user@example.com') && name=''", 1, "user@example.com");
    finds("((((id!='x'))))", 4, "Adam@example.com");
    finds("name = '\\'; DROP TABLE accounts; --'", 0, "");
    route("GET", USERS + "?filter=created%3D%22{created}%22").as(SUPERUSER).expect(200, "{zoe}");
    // Whoever sees only itself learns nothing about others.
    route("GET", filter("email ~ 'zoe'"))
        .as(USER)
        .expect(200)
        .json("totalItems", 0)
        .as(GUEST)
        .expect(200)
        .json("totalItems", 0);
    route("GET", filter("email ~ 'user'")).as(USER).expect(200).json("totalItems", 1);
  }

  private void refusals() {
    refuses("password = 'x'", "expected one of the fields id, email, emailVisibility");
    refuses("passwordHash ~ '$2a'", "expected one of the fields");
    refuses("tokenKey > 'a'", "at character 1");
    refuses("email", "expected one of = != ~ !~ > >= < <= at character 6");
    refuses("email =", "expected a text in quotes at character 8");
    refuses("email = user", "expected a text in quotes at character 9");
    refuses("email ?= 'x'", "at character 7");
    refuses("email = 'x", "expected a closing ' for the one at character 9");
    refuses("email = 'x' email = 'y'", "expected && or || or the end at character 13");
    refuses("(email = 'x'", "expected a closing parenthesis at character 13");
    refuses("email = 'x')", "expected && or || or the end at character 12");
    refuses("verified ~ true", "expected = or != at character 10");
    refuses("verified = 'true'", "expected true or false at character 12");
    refuses("created ~ '2026'", "expected one of = != > >= < <=");
    refuses("created > '2026-02-30'", "expected a time in UTC");
    refuses("@request.auth.id != ''", "at character 1");
    refuses("email:lower = 'x'", "at character 6");
    refuses("email = 'x' && ", "expected one of the fields");
    refuses("(".repeat(20) + "id='x'" + ")".repeat(20), "open parentheses");
    refuses("id='x'" + "||id='x'".repeat(100), "at most 100 comparisons");
    refuses("id='" + "x".repeat(3_500) + "'", "up to 3500 characters");
    refuses("id='a\0b'", "");
    route("GET", filter("password = 'x'")).as(GUEST).expect(400).as(USER).expect(400);
  }
}
