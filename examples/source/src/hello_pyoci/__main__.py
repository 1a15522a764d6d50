from hello_pyoci import main

main()
