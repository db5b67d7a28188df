"""Passwords of ten characters and more that are guessed first, without spaces and in lower case. Pure."""

COMMON = frozenset(
    """
    1234567890 12345678910 0123456789 123456789a a123456789 123456789q q123456789 1234567891 1234512345 123123123123
    1112223334 9876543210 0987654321 1029384756 1122334455 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qwertyuiop qwertyuiop123
    qwerty12345 qwerty123456 qwertz12345 qwertzuiop azertyuiop asdfghjkl1 asdfghjkl123 zxcvbnm123 zaq12wsxcde3
    password12 password123 password1234 password12345 passw0rd123 p@ssword123 p@ssw0rd123 mypassword1 mypassword123
    passwordpassword password2024 password2025 password2026 password2027 passwort123 passwort1234 motdepasse123
    contrasena123 letmein1234 letmeinplease iloveyou12 iloveyou123 iloveyou1234 iloveyouforever welcome123 welcome1234
    welcome2024 welcome2025 welcome2026 administrator admin12345 admin123456 adminadmin changeme123 changemenow
    superman123 batman12345 football123 baseball123 basketball basketball1 princess123 princess12 sunshine123 sunshine12
    dragon12345 monkey12345 charlie123 michael123 jennifer12 computer123 internet123 samsung123 pokemon123 starwars123
    whatever123 trustno1trustno1 hello12345 hello123456 helloworld helloworld1 abcdefghij abcdefghijk abcd123456
    abc1234567 abc123456789 abcdef12345 aaaaaaaaaa 1111111111 0000000000 google12345 facebook123 counselor123
    therapist123 therapy123 stillpoint1 stillpoint12 stillpoint123 stillpoint2026 correcthorsebatterystaple
    thequickbrownfox liverpool123 manchester1 manchesterunited christmas123 summer2024! summer2025! summer2026!
    winter2024! winter2025! winter2026! spring2026! autumn2026! secret12345 secretsecret testtest123 test123456
    testing1234 qazwsxedcrfv 147258369a 1472583690 7777777777 5555555555 6969696969 q1w2e3r4t5 q1w2e3r4t5y6 asdf123456
    """.split()  # noqa: SIM905 -- easier to read and to add to than two hundred literals
)
